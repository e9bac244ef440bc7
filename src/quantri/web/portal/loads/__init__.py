"""A site filled with made rows, marked as a demonstration, to see how it behaves when it is full."""
