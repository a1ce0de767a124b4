"""A strict simulator of WeChat's servers: in process for tests, served for benches and the demo."""
