"""What plugins bring: rules, layouts, segment types, output formats, kinds of target."""
