"""The whole local world in one command: stand-ins, servers, the app, and orders on their way."""
