"""Links by which whoever has a booking acts without a code: whom they are for, and in whose name."""
