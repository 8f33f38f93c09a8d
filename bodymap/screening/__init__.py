"""What should be asked before needles, as data: questions with their sources, and where these differ."""
