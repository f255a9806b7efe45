"""The places that are checked, each as sorted keys with a seek: git, a folder, a list, an S3 bucket."""
