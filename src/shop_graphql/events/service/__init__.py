"""The only writers of the feed and of jobs."""
