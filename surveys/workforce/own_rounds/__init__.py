"""What an agency's lead reads of the surveys that its people were asked."""
