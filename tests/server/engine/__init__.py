"""The application that the tests of the HTTP engine run."""
