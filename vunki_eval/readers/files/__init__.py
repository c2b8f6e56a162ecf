"""Files of every kind as cells of text: nothing is guessed, what can harm is parsed in a child process."""
