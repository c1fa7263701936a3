"""The change of those who came beside the change of those who waited and had no place."""
