"""What must be true of every plugin: a test for each rule, on each kind of database."""

from lms.testing.house import house_tests

test_the_house_takes_it = house_tests()
