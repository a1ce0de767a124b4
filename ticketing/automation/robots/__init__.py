"""One file per outside system. A robot knows the system's wire, and which of its answers another try can mend."""
