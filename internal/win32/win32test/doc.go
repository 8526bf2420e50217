// Package win32test opens windows on the desktop of Windows for tests, and reads what programs show there.
package win32test
