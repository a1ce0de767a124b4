"""The kill storm's parts: the stores, the processes that are killed, the orders, and Celery beside it."""
