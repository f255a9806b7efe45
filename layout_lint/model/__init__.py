"""Plain types that every floor above may use; they import nothing of layout-lint."""
