package auth

// ObserveCompare calls seen with each hash that a password is compared with.
func ObserveCompare(s *Service, seen func(hash string)) {
	compare := s.checker.compare
	s.checker.compare = func(password, hash string) (bool, error) {
		seen(hash)
		return compare(password, hash)
	}
}
