"""What an uploaded file is by its bytes, and a photo without what it says beside the picture. Pure.

Start in `photo_metadata.py`.
"""
