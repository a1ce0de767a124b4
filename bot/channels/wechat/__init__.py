"""WeChat's door: 客服消息 come in by signed pushes and go out by `custom/send` (decision 018)."""
