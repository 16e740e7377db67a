"""What a server does beside answering: where it listens, who may come in, jobs, and looking itself over."""
