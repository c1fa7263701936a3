"""Claims on places: bookings, waiting, offers, holds, approvals, teams and substitutions."""
