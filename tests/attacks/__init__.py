"""Attacks: whoever has every right on database and files carries them out; what the table says sees
them does see them, and nothing else cries out.
"""
