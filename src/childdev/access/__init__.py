"""Who may do what: accounts, signed-in sessions, tokens, and the table of roles and actions."""
