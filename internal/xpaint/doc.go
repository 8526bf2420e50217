// Package xpaint draws on an X display for a test, and reads it back independently of the product's way. Linux only.
package xpaint
