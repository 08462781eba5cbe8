package patterns

import (
	"time"

	"fogmq/internal/zmtp"
)

// revocationInterval is how long somebody who is let in no more may stay.
const revocationInterval = time.Second

// revoke ends, for as long as the socket lives, the connections of users that are
// let in no more.
func (s *Socket) revoke() {
	for s.pause(revocationInterval) {
		users := s.users()
		if len(users) == 0 {
			continue
		}
		reasons := make(map[string]error)
		for i, err := range s.opt.revoked(users) {
			if err != nil {
				reasons[users[i]] = err
			}
		}
		s.turnOut(reasons)
	}
}

// users are those of the peers that are connected, each once.
func (s *Socket) users() (users []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := make(map[string]bool)
	for p := range s.pipes {
		if u := p.peer.User; p.conn != nil && u != "" && !seen[u] {
			seen[u] = true
			users = append(users, u)
		}
	}
	return users
}

// turnOut ends the connections of users.
func (s *Socket) turnOut(reasons map[string]error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.pipes {
		if err := reasons[p.peer.User]; err != nil && p.conn != nil {
			s.expel(p, &zmtp.DeniedError{Err: err})
		}
	}
}
