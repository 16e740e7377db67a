"""What people say in their own words: interviews, notes, posts, reviews, diaries, and what the company promises."""
