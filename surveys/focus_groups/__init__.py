"""Impact focus groups: people of a course, asked together what they do differently, as evidence of impact."""
