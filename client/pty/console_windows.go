package pty

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

var procCreatePseudoConsole = win32.Kernel32.NewProc("CreatePseudoConsole")

// consoles tells whether this Windows has pseudo-consoles.
func consoles() bool { return procCreatePseudoConsole.Find() == nil }

// console is a pseudo-console and our ends of its pipes.
type console struct {
	handle windows.Handle
	in     *os.File // what is typed
	out    *os.File // what is shown
	waker  *os.File // the other end of out; nil but where holdsOutput
}

// holdsOutput tells whether this process keeps the console's end of the output open when the console is gone, so that the output has no end: Wine 8 does.
func holdsOutput() bool {
	return win32.IsWine()
}

// wake has a Read return that would wait for ever: what it reads last is wakeByte.
func (c console) wake() {
	if c.waker != nil {
		_, _ = c.waker.Write([]byte{wakeByte})
	}
}

// wakeByte is nothing that a console shows.
const wakeByte = 0

// close gives the pipes back.
func (c console) close() error {
	err := errors.Join(c.in.Close(), c.out.Close())
	if c.waker != nil {
		err = errors.Join(err, c.waker.Close())
	}
	return err
}

func (s Size) coord() windows.Coord { return windows.Coord{X: int16(s.Columns), Y: int16(s.Rows)} }

func openConsole(size Size) (c console, err error) {
	var theirIn, ourIn, ourOut, theirOut windows.Handle
	if err := windows.CreatePipe(&theirIn, &ourIn, nil, 0); err != nil {
		return c, fmt.Errorf("making a pipe: %w", err)
	}
	defer windows.CloseHandle(theirIn)
	if err := windows.CreatePipe(&ourOut, &theirOut, nil, 0); err != nil {
		windows.CloseHandle(ourIn)
		return c, fmt.Errorf("making a pipe: %w", err)
	}
	if holdsOutput() {
		c.waker = os.NewFile(uintptr(theirOut), "console output's other end")
	} else {
		defer windows.CloseHandle(theirOut)
	}
	c.in, c.out = os.NewFile(uintptr(ourIn), "console input"), os.NewFile(uintptr(ourOut), "console output")
	if err := windows.CreatePseudoConsole(size.coord(), theirIn, theirOut, 0, &c.handle); err != nil {
		return c, errors.Join(fmt.Errorf("making a pseudo-console: %w", err), c.close())
	}
	return c, nil
}

// process is a program that runs in a console, and the job that everything belongs to which it starts.
type process struct {
	pid    uint32
	handle windows.Handle
	job    windows.Handle
}

// run starts a program in the console. Its job ends what it leaves when the job is ended or when this process is gone.
func (c console) run(program, line, dir string, env []uint16) (p process, err error) {
	app, err1 := windows.UTF16PtrFromString(program)
	words, err2 := windows.UTF16PtrFromString(line)
	at, err3 := windows.UTF16PtrFromString(dir)
	if err := errors.Join(err1, err2, err3); err != nil {
		return p, err
	}
	attributes, err := windows.NewProcThreadAttributeList(1)
	if err != nil {
		return p, fmt.Errorf("preparing a process: %w", err)
	}
	defer attributes.Delete()
	// The attribute's value is the handle itself, in place of a pointer to something.
	value := *(*unsafe.Pointer)(unsafe.Pointer(&c.handle))
	if err := attributes.Update(windows.PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, value, unsafe.Sizeof(c.handle)); err != nil {
		return p, fmt.Errorf("preparing a process for the console: %w", err)
	}
	if p.job, err = newJob(); err != nil {
		return p, err
	}
	start := windows.StartupInfoEx{ProcThreadAttributeList: attributes.List()}
	start.Cb = uint32(unsafe.Sizeof(start))
	start.Flags = windows.STARTF_USESTDHANDLES // none: else it would get those of this process where they lead elsewhere
	var started windows.ProcessInformation
	flags := uint32(windows.EXTENDED_STARTUPINFO_PRESENT | windows.CREATE_UNICODE_ENVIRONMENT | windows.CREATE_SUSPENDED)
	if err := windows.CreateProcess(app, words, nil, nil, false, flags, &env[0], at, &start.StartupInfo, &started); err != nil {
		return p, errors.Join(err, windows.CloseHandle(p.job))
	}
	defer windows.CloseHandle(started.Thread)
	p.pid, p.handle = started.ProcessId, started.Process
	err = windows.AssignProcessToJobObject(p.job, p.handle)
	if err == nil {
		_, err = windows.ResumeThread(started.Thread)
	}
	if err != nil {
		_ = windows.TerminateProcess(p.handle, 1)
		return p, errors.Join(fmt.Errorf("starting in a job: %w", err), windows.CloseHandle(p.handle), windows.CloseHandle(p.job))
	}
	return p, nil
}

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, fmt.Errorf("making a job: %w", err)
	}
	if err := limit(job, windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE); err != nil {
		return 0, errors.Join(err, windows.CloseHandle(job))
	}
	return job, nil
}

// limit sets a job's limits; 0: what runs in it goes on when the job's handle is closed.
func limit(job windows.Handle, flags uint32) error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: flags}}
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		return fmt.Errorf("limiting a job: %w", err)
	}
	return nil
}

// child is the name of the program that a process has started last and that still runs; empty: none does.
func child(of uint32) string {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(snapshot)
	name := ""
	e := windows.ProcessEntry32{}
	e.Size = uint32(unsafe.Sizeof(e))
	for err := windows.Process32First(snapshot, &e); err == nil; err = windows.Process32Next(snapshot, &e) {
		if e.ParentProcessID == of && e.ProcessID != of {
			if file := windows.UTF16ToString(e.ExeFile[:]); !isConsoleHost(file) {
				name = file
			}
		}
	}
	return name
}
