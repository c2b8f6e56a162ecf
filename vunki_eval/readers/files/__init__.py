"""Read files of every kind as cells of text. Nothing is guessed; what could do harm is parsed in a child process."""
