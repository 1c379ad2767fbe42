"""What a Worker that Pinwheel built does before, around and after the project's own code."""
