"""What the front door owns: inbound ids and first answers, the spool, numbered events, receipts and calls."""
