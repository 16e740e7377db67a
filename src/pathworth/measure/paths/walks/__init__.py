"""Walks from anchors: how they are made, labelled, counted, written as cells."""
