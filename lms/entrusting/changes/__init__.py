"""Pages that change somebody's record, addresses and roles: at once, or asked for where a business manager decides."""
