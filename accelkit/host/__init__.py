"""What this host is and how busy it is. Reads /proc and /sys, changes nothing."""
