"""Pages: what officials, communities and residents meet in a browser."""
