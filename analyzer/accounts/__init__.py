"""Who may do what, and who did what: accounts, roles, sessions and the audit log."""
