"""Tools for whoever looks after the content: check it, preview it, add a role, turn questions into fixes."""
