"""What is to be read on paper or in a browser: HTML that is one file, and a browser that prints it."""
