"""What this host is and how busy it is. Read from /proc and /sys; nothing is changed."""
