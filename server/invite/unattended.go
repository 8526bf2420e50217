package invite

import (
	"net/http"

	"deskhand"
)

// unattended is the page behind a link that adds a computer. Looking at it uses nothing up: the client does, once it was allowed there, too.
func (p *Pages) unattended(w http.ResponseWriter, r *http.Request) {
	i, agent, err := p.unattendedLink(r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	v := p.page(r, "unattended")
	v.Agent, v.Own = agent, i.Kind == deskhand.UnattendedOwn
	path := "/unattended/" + r.PathValue("code")
	p.place(v, path, path+"/download", nil)
	v.Title = v.say("title")
	v.Role = v.role(agent.Title, v.Company)
	p.show(w, r, v, http.StatusOK)
}

// say is a message of the page that adds a computer: for an end-user, or for the agent whose computer it is.
func (v *view) say(part string) string {
	kind := "unattended."
	if v.Own {
		kind = "own."
	}
	return v.T(kind+part, "Name", v.Agent.Name)
}

// Allow is the label of the one button.
func (v *view) Allow() string { return v.say("button") }

// Heading says what it is about.
func (v *view) Heading() string { return v.say("heading") }

// Lead says what it means.
func (v *view) Lead() string { return v.say("lead") }

func (p *Pages) unattendedDownload(w http.ResponseWriter, r *http.Request) {
	if _, _, err := p.unattendedLink(r); err != nil {
		p.fault(w, r, err)
		return
	}
	form, err := p.form(w, r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	if form.Get("platform") == "" {
		system, arch := systemOf(r)
		form.Set("platform", system+"-"+arch)
	}
	p.sendTo(w, r, form, r.PathValue("code"))
}

// unattendedLink finds an open link that adds a computer, and whose it becomes.
func (p *Pages) unattendedLink(r *http.Request) (deskhand.UnattendedInvite, deskhand.Agent, error) {
	i, err := p.Store.UnattendedInvite(r.Context(), r.PathValue("code"))
	if err != nil {
		return i, deskhand.Agent{}, err
	}
	a, err := p.Store.AgentByID(r.Context(), i.AgentID)
	switch {
	case err != nil:
	case a.Disabled:
		err = deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	case !a.Can(deskhand.MayAddComputers):
		err = errOff()
	}
	return i, a, err
}
