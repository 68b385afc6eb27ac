"""What every room stands on: database, web plumbing, permissions, text, clock."""
