"""What does a group of people bring in, by the time since each of them began?"""
