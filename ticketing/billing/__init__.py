"""What an account owes, used and was billed for, behind a gateway to the marketing system."""
