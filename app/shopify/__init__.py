"""The adapter for Shopify: values in, values out. Knows neither Flask nor tables."""
