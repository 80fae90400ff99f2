"""The site: thin views over search and models."""
