"""LL5xx: archives as such, whatever they hold."""
