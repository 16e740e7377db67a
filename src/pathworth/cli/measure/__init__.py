"""Questions about journeys on the command line."""
