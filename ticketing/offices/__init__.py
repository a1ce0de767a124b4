"""Business halls: where and when."""
