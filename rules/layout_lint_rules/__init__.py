"""The rules and layouts that come with layout-lint; they enter by the same door as a team's own."""
