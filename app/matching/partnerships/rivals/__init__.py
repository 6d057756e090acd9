"""What the ranking of partners is measured against: the usual ways, each as strong as its settings allow."""
