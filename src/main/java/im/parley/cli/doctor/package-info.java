/** What this machine allows, held against what a wished number of connections needs. */
package im.parley.cli.doctor;
