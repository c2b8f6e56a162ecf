"""One module per survey tool: what its exports look like."""
